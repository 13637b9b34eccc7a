"""Korean search by an index of bigrams: exact for Hangul, by prefix for Latin words and digits."""
