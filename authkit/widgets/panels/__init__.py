"""One file a panel: it builds its controls once and links them to its state."""
