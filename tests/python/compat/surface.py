"""What a package offers, so that a drop-in can be held to it."""

import inspect


def public(module):
    """The names that a module defines itself, without those that begin with an underscore."""
    return {
        name: value
        for name, value in vars(module).items()
        if not name.startswith("_") and getattr(value, "__module__", None) == module.__name__
    }


def signatures(value):
    """For a function its parameters; for a class those of each public method that it defines itself."""
    if not inspect.isclass(value):
        return parameters(value)
    methods = {
        name: parameters(getattr(value, name))
        for name, method in vars(value).items()
        if (name == "__init__" or not name.startswith("_")) and inspect.isfunction(method)
    }
    return methods, getattr(value, "_fields", None)


def parameters(function):
    """The parameters of a function, or of a call of a class: names, kinds and defaults."""
    return [
        (each.name, each.kind, _comparable(each.default)) for each in inspect.signature(function).parameters.values()
    ]


def _comparable(default):
    """A default, of a peer's own class by its name and fields."""
    if type(default).__module__ == "builtins" or inspect.isclass(default):
        return default
    return type(default).__name__, {
        name: [type(each).__name__ for each in part] for name, part in vars(default).items()
    }


def outcome(call, *args, **options):
    """What a call gives, with its types, or the type and message of what it raises."""
    try:
        value = call(*args, **options)
    except Exception as error:
        return type(error), str(error)
    return typed(value), repr(value)


def typed(value):
    """A value with the types of all its parts."""
    if isinstance(value, dict):
        return {key: typed(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value).__name__, [typed(each) for each in value]
    return type(value).__name__, value
