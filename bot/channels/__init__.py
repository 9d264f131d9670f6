"""Where messages of ours leave: one file a provider, with everything it needs and its error codes."""
