"""Break off with names and words that a spreadsheet, a template or a page would run."""
class Odd(Exception):
    pass


Odd.__name__ = "=HYPERLINK(\"http://x\")"


def l2(W):
    raise Odd("=cmd|'/C calc'!A0\t;=1+1\u202e{{ 7*7 }}{% include '/etc/passwd' %}${x}\ud800")


def l1(W):
    raise type("{{ secret }}", (Exception,), {})("`</code><script>`")


def elastic_net(W, beta=0.5):
    exec(compile("raise ValueError('@SUM(1)')", "cs231n/regularizers.py<img src=x>", "exec"))
