"""The next issue's draft: selected stories grouped into sections, rendered, and merged with the editor's own edits.

Reading past issues is `archive`'s; recording the published one is `steps.publish`'s.
"""
