"""What a panel holds: raw input and everything derived from it, in plain traitlets that know no ipywidgets."""
