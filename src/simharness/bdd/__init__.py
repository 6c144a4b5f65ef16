"""The door for Gherkin: features and pytest-bdd tell the same stories by the same verbs. Nothing here yet."""
