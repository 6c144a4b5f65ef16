"""What a portal holds and which changes are legal: records and rules without HTTP."""
