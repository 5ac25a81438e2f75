"""When, how often and how wide the steps run; the only importer of prefect. And the front door, `triage`."""
