"""How records look on Gusto's wire: decimal texts, days, versions, and the names that Gusto has for things."""
