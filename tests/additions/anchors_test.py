"""How many files it takes to add something, and whether the project still has the places where it is added: nothing is built."""

import unittest

import additions


class Anchors(unittest.TestCase):
    def test_counts(self):
        counts = {addition.name: len(addition.files()) for addition in additions.ALL}
        self.assertEqual(counts, additions.MOST_FILES)

    def test_each_edit_has_its_place(self):
        for addition in additions.ALL:
            for edit in addition.edits + addition.uses:
                with self.subTest(addition=addition.name, path=edit.path):
                    additions.contents([edit])

    def test_all_edits_go_together(self):
        edits = additions.every_edit()
        for path, text in additions.contents(edits).items():
            for edit in edits:
                if edit.path == path:
                    self.assertIn(edit.text, text)


if __name__ == "__main__":
    unittest.main()
