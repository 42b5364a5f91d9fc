"""Finding answers in generated texts."""
