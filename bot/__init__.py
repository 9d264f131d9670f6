"""An open-source helpline that answers texts: heroin and other opioids, the people who use them, those who love them."""

__version__ = "0.1.0"
