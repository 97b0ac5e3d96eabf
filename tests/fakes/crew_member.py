"""A member of a crew that does as it is told: by its kept past, and by words that come through its pipes."""

import os
import time
from multiprocessing.connection import wait

from hitpoint.engine.crew_pipes import End, Ending, Failed, Keep, Linked, Logged, Post, Up, taken_over


def main(post: Post, behaviour: str = "") -> None:
    """Echo what comes from another member with our name before it; die when told "die". Ends when asked to.

    behaviour: "fails" cannot start; "hangs" is never ready; "dies" is dead before it is ready; "ends all" says so as
    soon as it is; "breaks" has a fault then.
    """
    if behaviour == "fails":
        post.up.send(Failed("there is no such thing"))
        return
    if behaviour == "hangs":
        time.sleep(1000)
    if behaviour == "dies":
        os._exit(3)
    post.up.send(Keep(f"life {post.life}".encode()))
    post.up.send(Logged(20, f"kept {post.kept!r}", ""))
    post.up.send(Up(f"life {post.life}"))
    if behaviour == "breaks":
        raise ValueError("a secret")
    if behaviour == "ends all":
        post.up.send(Ending())
    links = dict(post.links)
    while True:
        for pipe in wait([post.down, *links.values()]):
            try:
                message = pipe.recv()  # type: ignore[union-attr]
            except (EOFError, OSError):
                if pipe is post.down:
                    return
                links = {peer: link for peer, link in links.items() if link is not pipe}
                continue
            match message:
                case End():
                    return
                case Linked(peer):
                    links[peer] = taken_over(post.down)
                case "die":
                    os._exit(7)
                case "hang":
                    time.sleep(1000)
                case str():
                    pipe.send(f"heard {message}")  # type: ignore[union-attr]
