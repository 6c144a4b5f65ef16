"""How records look on Plaid's wire: names, signs, dates, cursors."""
