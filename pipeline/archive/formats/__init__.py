"""Turn files of any format into documents: bytes and text in, blocks and front matter out. Nothing is fetched."""
