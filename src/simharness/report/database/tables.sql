-- What a run leaves to be asked. `story_no` counts the stories of the run from 1 and joins all tables.
-- Instants are UTC. Amounts are plain decimals beside their currency; journal amounts are signed, debit positive.

CREATE TABLE stories (
    story_no        INTEGER PRIMARY KEY,
    story           VARCHAR NOT NULL,
    file            VARCHAR NOT NULL,
    line            INTEGER NOT NULL,
    outcome         VARCHAR NOT NULL,   -- ok, findings, broken, unusable
    findings        INTEGER NOT NULL,
    message         VARCHAR NOT NULL,   -- why a broken story could not be played
    tags            VARCHAR NOT NULL,   -- separated by spaces
    today           DATE,
    rng_seed        BIGINT,
    fingerprint     VARCHAR,
    dictionary      VARCHAR,
    connector       VARCHAR,
    release         VARCHAR,
    mapping         VARCHAR,
    mapping_digest  VARCHAR
);

CREATE TABLE checks (
    story_no   INTEGER NOT NULL,
    check_id   VARCHAR NOT NULL,
    judgement  VARCHAR NOT NULL,        -- passed, found, not applicable, not exercised
    examined   INTEGER NOT NULL,
    findings   INTEGER NOT NULL,
    reason     VARCHAR NOT NULL
);

CREATE TABLE findings (
    story_no   INTEGER NOT NULL,
    check_id   VARCHAR NOT NULL,
    severity   VARCHAR NOT NULL,
    key        VARCHAR NOT NULL,
    message    VARCHAR NOT NULL,
    expected   VARCHAR NOT NULL,
    actual     VARCHAR NOT NULL,
    objects    VARCHAR NOT NULL,        -- separated by line ends
    at_risk    DECIMAL(38, 10),
    currency   VARCHAR,
    step       INTEGER NOT NULL,
    place      VARCHAR NOT NULL,        -- file:line
    reproduce  VARCHAR NOT NULL
);

CREATE TABLE facts (
    story_no  INTEGER NOT NULL,
    step      INTEGER NOT NULL,
    verb      VARCHAR NOT NULL,
    kind      VARCHAR NOT NULL,
    at_utc        TIMESTAMP NOT NULL,
    local_day DATE NOT NULL,
    place     VARCHAR NOT NULL,
    data      VARCHAR NOT NULL          -- the whole fact as JSON
);

CREATE TABLE exchanges (
    story_no         INTEGER NOT NULL,
    sequence         INTEGER NOT NULL,
    at_utc               TIMESTAMP NOT NULL,
    client           VARCHAR NOT NULL,
    vendor           VARCHAR NOT NULL,
    operation        VARCHAR NOT NULL,
    method           VARCHAR NOT NULL,
    host             VARCHAR NOT NULL,
    path             VARCHAR NOT NULL,
    query            VARCHAR NOT NULL,
    status           INTEGER,
    delivery         VARCHAR NOT NULL,
    outside          BOOLEAN NOT NULL,
    actor            VARCHAR NOT NULL,
    idempotency_key  VARCHAR NOT NULL,
    replayed         BOOLEAN NOT NULL,
    unmodelled       VARCHAR NOT NULL,
    inert            VARCHAR NOT NULL,
    violations       VARCHAR NOT NULL,
    request_body     VARCHAR NOT NULL,
    response_body    VARCHAR NOT NULL
);

CREATE TABLE writes (
    story_no   INTEGER NOT NULL,
    at_utc         TIMESTAMP NOT NULL,
    family     VARCHAR NOT NULL,
    vendor     VARCHAR NOT NULL,
    entity     VARCHAR NOT NULL,
    dataset    VARCHAR NOT NULL,
    record_id  VARCHAR NOT NULL,
    action     VARCHAR NOT NULL,
    fields     VARCHAR NOT NULL,        -- separated by spaces
    actor      VARCHAR NOT NULL
);

CREATE TABLE evidence (
    story_no  INTEGER NOT NULL,
    kind      VARCHAR NOT NULL,         -- log, reject, alert, dead_letter
    at_utc        TIMESTAMP NOT NULL,
    source    VARCHAR NOT NULL,
    amount    DECIMAL(38, 10),
    currency  VARCHAR,
    data      VARCHAR NOT NULL          -- the whole row as JSON
);

CREATE TABLE metrics (
    story_no  INTEGER NOT NULL,
    step      INTEGER NOT NULL,
    source    VARCHAR NOT NULL,
    version   VARCHAR NOT NULL,
    metric    VARCHAR NOT NULL,
    period    VARCHAR NOT NULL,
    grouped_by VARCHAR NOT NULL,
    group_key VARCHAR NOT NULL,
    value     DECIMAL(38, 10),
    unit      VARCHAR NOT NULL
);

-- The ledger as it stood at the end of each story.
CREATE TABLE journal_lines (
    story_no        INTEGER NOT NULL,
    entity          VARCHAR NOT NULL,
    entry           VARCHAR NOT NULL,
    dated           DATE NOT NULL,
    source          VARCHAR NOT NULL,
    source_id       VARCHAR NOT NULL,
    account_number  VARCHAR NOT NULL,
    account_name    VARCHAR NOT NULL,
    account_kind    VARCHAR NOT NULL,
    amount          DECIMAL(38, 10) NOT NULL,
    currency        VARCHAR NOT NULL,
    party           VARCHAR NOT NULL,
    cost_centre     VARCHAR NOT NULL,
    location        VARCHAR NOT NULL
);
