"""The web addresses that guides name, asked only when somebody asks for it."""
