"""Which files of the design system are served: its neutral theme, minified, with the fonts it names and the icons."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class StaticFiles(StaticFilesConfig):
    """Collects what pages use; the package holds five times as much."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        # Sources and unminified copies; the themes and logos of borger.dk and Virk.
        "scss",
        "*.md",
        "dkfds.css",
        "dkfds.js",
        "*borgerdk*",
        "*virk*",
        # Fonts in cuts and formats that the style sheet does not name.
        "split",
        "otf",
        "*Light*",
        "*Thin*",
        "*Text*",
    ]
