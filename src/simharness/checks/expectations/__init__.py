"""What a story says must be true, judged on the checkpoint of its step; a finding bears the verb's name."""
