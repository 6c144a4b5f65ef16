"""Who may tell the connector to post: an operator's role and second factor, as the identity provider signs them."""
