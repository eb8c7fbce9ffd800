"""What the tests of the digest get."""

from postoffice import *  # noqa: F403 - the fixture of the mail server
