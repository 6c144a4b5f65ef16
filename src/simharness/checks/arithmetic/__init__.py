"""The checks' own finance arithmetic: from the rules, never from what a fake or a connector computed."""
