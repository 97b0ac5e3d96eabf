import json

from hitpoint.page.board import Board


def a_board() -> Board:
    board = Board(lambda: 12.5)
    board.put({"controls": {"intensity": None}, "bars": {"1": "ready"}})
    return board


def test_who_is_behind_is_told_in_one_message_all_that_differs():
    board = a_board()
    seen = board.last
    board.put({"controls": {"intensity": 0.2}})
    board.put({"controls": {"intensity": 0.7}, "bars": {}})
    text = board.change(seen)
    assert text is not None
    assert json.loads(text) == {
        "type": "change",
        "from": seen.number,
        "version": board.last.number,
        "now": 12.5,
        "set": {"/controls/intensity": 0.7},
        "gone": ["/bars/1"],
    }


def test_nobody_is_told_what_he_knows():
    board = a_board()
    seen = board.last
    board.put({"bars": {"1": "ready"}})
    assert board.last is seen
    assert board.change(seen) is None


def test_all_who_are_equally_behind_hear_the_very_same_text():
    board = a_board()
    seen = board.last
    board.put({"controls": {"intensity": 0.2}})
    assert board.change(seen) is board.change(seen)


def test_what_came_back_to_what_it_was_is_still_another_version():
    board = a_board()
    seen = board.last
    board.put({"controls": {"intensity": 0.2}})
    board.put({"controls": {"intensity": None}})
    message = json.loads(board.change(seen) or "")
    assert (message["set"], message["gone"]) == ({}, [])
    assert message["version"] == board.last.number


def test_another_controls_state_is_told_whole():
    board = a_board()
    seen = board.last
    board.put({}, anew=True)
    message = json.loads(board.change(seen) or "")
    assert (message["type"], message["state"]) == ("state", board.last.state)


def test_watchers_hear_of_changes_until_they_have_enough():
    board, heard = a_board(), []
    enough = board.watch(lambda: heard.append(board.last.number))
    board.put({"x": 1})
    board.put({"x": 1})
    enough()
    board.put({"x": 2})
    assert heard == [2]
