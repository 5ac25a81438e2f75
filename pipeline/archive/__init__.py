"""Past issues in: files become documents, documents become issues with their picks.

    formats/    what a file holds: Markdown, HTML, mails, feeds, exports, tables; files into documents
    metadata/   what identifies an issue: its number, its date, its title, its newsletter's own site
    layout/     which links of an issue are stories, and under which section and title: learned from all its issues
    proposal/   a newsletter.toml proposed from past issues

`importer` joins them; `not_issues` leaves out drafts and pages, `draft_reading` reads our own drafts back,
`explanation` says what was read as what. `files`, `blocks`, `document`, `extraction` and `reading` are the records that
all of them share. Outside stay the tables (`pipeline.store`) and writing drafts (`pipeline.drafts`).
"""
