"""The database itself: types, statements, transactions, the writer, the change feed."""
