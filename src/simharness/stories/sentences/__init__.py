"""The sentences of the vocabulary: their kinds of parameters, finding the one that was written, and what it says."""
