"""What every part of the HTTP API shares: problems, questions, answers, tokens, idempotency."""
