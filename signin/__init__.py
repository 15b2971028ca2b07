"""The door: nobody reaches a page, a file or a websocket of the server without having signed in.

``door``      the middleware of the server: this machine only, or the gate
``serving``   the door of the installation that is served
``settings``  what the configuration says of signing in
``desk``      what happens at the door: in, out, a new password; each in the log
``gate``      the middleware that lets requests through, or not
``burden``    what one session burdens the server with
``forms``     the pages of the door, without scripts
"""
