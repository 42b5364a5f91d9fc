"""How people call the packages that they compare, and what each call counts; a module for each family of scores."""
