"""The bureau's PostgreSQL server: how it is reached, who may do what in it, and whether it is of our version.

``engines``   pools of connections, their time limits, and what an error of the server means
``roles``     owner, writer and reader of a database; which of them a connection acts as
``guarding``  what each role may do with each table, and which rows a reader sees
``prepared``  whether the tables are those of this version of the program
"""
