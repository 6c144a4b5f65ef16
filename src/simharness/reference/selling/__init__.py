"""The flow of a sale: won deals and their customers become invoices, and the CRM hears what became of them."""
