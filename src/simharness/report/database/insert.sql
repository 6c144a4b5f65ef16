-- Fill one table from lists of texts, a list a column; DuckDB reads the texts as the columns' types.
INSERT INTO {table} SELECT {columns};
