"""The sentences of the standard library's parser of calls: listed here, so that the catalogues have them.

The parser asks gettext for them by itself, from the program's catalogue (`wording.language.speak`).
"""

from dosing_app.wording.language import _


def parser_words() -> tuple[str, ...]:
    """Those that a call of this program can meet."""
    return (
        _("usage: "),
        _("positional arguments"),
        _("options"),
        _("show this help message and exit"),
        _("%(prog)s: error: %(message)s\n"),
        _("argument %(argument_name)s: %(message)s"),
        _("the following arguments are required: %s"),
        _("unrecognized arguments: %s"),
        _("expected one argument"),
        _("invalid choice: %(value)r (choose from %(choices)s)"),
        _("ignored explicit argument %r"),
    )
