"""Hooks of mkdocs.yml: Markdown as GitHub reads it, the language of each page, and two repairs of the theme."""

import re

from markdown.extensions.toc import slugify_unicode

ITEM = re.compile(r"\s*(?:[-*]|\d+\.) ")


def _loosened(lines):
    """Lists after a paragraph begin a list without a blank line; comments are left out; no \\| inside of code."""
    out, fenced = [], False
    for line in lines:
        if line.startswith("```"):
            fenced = not fenced
        before = out[-1] if out else ""
        if not fenced and ITEM.match(line) and before.strip() and not ITEM.match(before) \
                and not before.startswith((" ", "|")):
            out.append("")
        if not fenced and line.startswith("|"):
            line = re.sub(r"`[^`]*`", lambda code: code.group(0).replace("\\|", "|"), line)
        out.append(line)
    return out


def on_page_markdown(markdown, page, config, files):
    markdown = re.sub(r"^[ \t]*<!--.*?-->[ \t]*\n", "", markdown, flags=re.M | re.S)
    return "\n".join(_loosened(markdown.splitlines())) + "\n"


def slug(title, separator):
    """The anchor of a heading; the theme's script wants no digit at the beginning."""
    name = slugify_unicode(title, separator)
    return "s-" + name if name[:1].isdigit() else name


def on_post_page(output, page, config):
    # darkmode.js of the theme asks for these two, which highlightjs: false leaves out.
    output = output.replace("</head>", '<meta id="hljs-light"><meta id="hljs-dark"></head>', 1)
    if page.file.src_uri.endswith(".zh.md"):
        return re.sub(r'<html lang="en"', '<html lang="zh-CN"', output, count=1)
    return output
