"""The minutes of a conference as a document: drafted from the record, for whoever is to have it."""
