"""`make doctor`: looks at a deployed sentinel from outside, and says of everything that is not well what to do.

`judge` holds the rules, which know no outside; `look` asks AWS, Slack, Google and DNS, and hands what they answer to the rules.
"""
