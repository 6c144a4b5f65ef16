"""What a file of stories may not hold, and how it reads best, beyond what its sentences say."""
