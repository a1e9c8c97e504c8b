"""The SFTP door: a small server in which a system finds one file, which says whether it is accepted."""
