"""`python -m web` is `jizihao`."""

from web.commands import main

main()
