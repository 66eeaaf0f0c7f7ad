"""The collection API: what clients of Segment, RudderStack, Jitsu and PostHog send, made into lines of the log.

A dialect is one file with its addresses in ``ROUTES``; nothing else names it.
"""
