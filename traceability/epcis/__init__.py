"""Our events in the words of EPCIS 2.0, and a partner's EPCIS in ours.

words    the words of the Core Business Vocabulary 2.0
json     JSON without its ambiguities
shape    what a member may be: the small checks
form     what events and documents look like, field by field
read     a partner's document to claims
write    our events, and claims, to a document
"""
