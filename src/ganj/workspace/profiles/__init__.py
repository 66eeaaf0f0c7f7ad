"""One customer, whole: who, what they did, what the analyses say, and what people wrote and decided.

``lanes``      kinds of events as a person sees them
``timeline``   pages of what happened, with stages and merges among the events
``lifeline``   the whole life at a glance: lanes by time
``stages``     prospect, responder, active, former: a fold, exact for any day
``consents``   what the customer allowed, by channel
``notes``      what people wrote of the customer
``figures``    orders, revenue, rhythm
``scores``     what each analysis says, or why it says nothing
``why``        why the customer is in a segment or not
``whole``      all of it as JSON
``cards``      the card that other systems embed
"""
