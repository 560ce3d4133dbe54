"""Faults put into a copy of the code, one at a time: the tests named for the promise must fail.

Each once went unseen by the whole suite, or guards what cannot be mended afterwards. ``make soak``
runs them (``python -m tests.mutants``, or with words of a promise, those alone). A text that is no
longer in the code is reported too: move the entry along with the code, or say in the commit why
its fault cannot be made any more.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
COPIED = ("access", "diplomacy", "fixtures", "meetings", "static", "templates", "tests")


@dataclass(frozen=True)
class Mutant:
    """A fault: ``old`` text of a file becomes ``new``, and the test of the promise must fail."""

    promise: str
    path: str
    old: str
    new: str
    test: str


STATE_MACHINE = "tests/editing/test_state_machine.py::test_promises_hold_after_every_act[0]"
MUTANTS = (
    Mutant(
        "no text shows a better word than its sources allow",
        "meetings/models/evidence.py",
        "    return Evidence.DOCUMENT if is_read and not source.origin else Evidence.COPY\n",
        "    return Evidence.DOCUMENT if is_read else Evidence.COPY\n",
        "tests/models/test_evidence.py",
    ),
    Mutant(
        "an account that rests on nothing opened is published only with a reason",
        "meetings/editing/apply.py",
        "    require_reason(active, attribution)\n",
        "",
        "tests/editing/test_unread_accounts.py",
    ),
    Mutant(
        "what one side denies is never called agreed",
        "meetings/models/relations.py",
        "    if denied:\n        return f",
        "    if False:\n        return f",
        "tests/models/test_relations.py",
    ),
    Mutant(
        "parts stand in the order of their keys in every snapshot",
        "meetings/editing/snapshots.py",
        "sorted(state[name], key=key_sorter(table)) if len(state[name]) > 1 else state[name]",
        "state[name]",
        "tests/editing/test_snapshots.py",
    ),
    Mutant(
        "renamed rows leave every revision restorable",
        "meetings/editing/snapshots.py",
        "    if not any(renamed.values()):\n",
        "    if True:\n",
        STATE_MACHINE,
    ),
    Mutant(
        "a reference that was public is never deleted",
        "meetings/editing/deletion_checks.py",
        "            found[pk] = REFERENCE_WAS_PUBLIC\n",
        "            pass\n",
        STATE_MACHINE,
    ),
    Mutant(
        "what is public is changed by those alone who may publish, by every road",
        "meetings/editing/permissions.py",
        "find_problem(act, change.own.model, is_public)",
        "find_problem(act, change.own.model, False)",
        "tests/editing/test_role_matrix.py",
    ),
    Mutant(
        "a reference that something published uses is part of the public record",
        "meetings/editing/permissions.py",
        "in_public_record(model, stored) if issubclass(model, Reference) else set()",
        "set()",
        "tests/editing/test_public_use.py",
    ),
    Mutant(
        "what somebody changed meanwhile is not deleted",
        "meetings/editing/acts.py",
        "    refuse_if_stale(current, seen)\n    own =",
        "    own =",
        "tests/editing/test_deletion.py::test_entry_that_somebody_changed_meanwhile_is_not_deleted",
    ),
    Mutant(
        "addresses that led to what is deleted are free again",
        "meetings/editing/addresses.py",
        "    Redirect.objects.filter(new_path__in=paths).delete()\n",
        "",
        "tests/editing/test_deletion.py::test_addresses_that_led_to_what_is_deleted_are_free_again",
    ),
    Mutant(
        "what was public and is a draft again is not deleted",
        "meetings/editing/public_history.py",
        "return known | had_periods(model, ids - known)",
        "return known",
        "tests/editing/test_deletion.py::test_what_was_public_and_is_a_draft_again_is_not_deleted",
    ),
    Mutant(
        "the address of what was public and is a draft again is kept",
        "meetings/editing/addresses.py",
        "public = had_periods(model, public)",
        'public = {change.pk for change in renamed if change.former_status == "published"}',
        "tests/editing/test_redirects.py::test_address_of_a_draft_that_was_public_before_is_kept",
    ),
    Mutant(
        "what a schedule showed is marked by the next act",
        "meetings/editing/publication.py",
        "self.came_due.append(period)",
        "pass",
        "tests/editing/test_kept_references.py::test_mark_of_what_a_schedule_showed_is_its_time",
    ),
    Mutant(
        "an ended entry tells the title that it had in public",
        "meetings/editing/public_history.py",
        "    if shown is None:\n",
        "    if True:\n",
        "tests/editing/test_no_longer_public.py"
        "::test_draft_that_was_public_tells_its_public_title_and_no_other",
    ),
    Mutant(
        "a source that only a note cites is not deleted",
        "meetings/editing/usage.py",
        "    if model is Source and ids:",
        "    if False:",
        "tests/editing/test_deletion.py::test_source_that_only_a_note_of_another_source_cites_is_not_deleted",
    ),
    Mutant(
        "the address of a draft that never was public is free",
        "meetings/editing/addresses.py",
        "        if change.pk in public:",
        "        if True:",
        "tests/editing/test_redirects.py::test_address_that_was_never_public_is_not_kept",
    ),
    Mutant(
        "coverage counts the paragraphs that cite a source",
        "meetings/editing/citations.py",
        "return sum(bool(part.citations) for part in parts), len(parts)",
        "return len(parts), len(parts)",
        "tests/views/test_coverage.py"
        "::test_page_says_how_many_paragraphs_of_the_entry_and_its_parts_cite_a_source",
    ),
    Mutant(
        "comparing over a changed address names only what differs",
        "meetings/editing/snapshots.py",
        "if not table.owner and len(before) == len(after) == 1:",
        "if False:",
        "tests/editing/test_revisions.py::test_comparing_over_a_changed_address_names_only_what_differs",
    ),
    Mutant(
        "a worker that lost its lease writes nothing more",
        "meetings/importing/leases.py",
        'if not mine.values_list("pk", flat=True).first():',
        "if False:",
        "tests/importing/test_leases.py"
        "::test_worker_that_lost_its_lease_does_not_harm_the_plan_of_the_next",
    ),
    Mutant(
        "an import that is held is not taken",
        "meetings/importing/leases.py",
        "left = Q(held_until__lt=timezone.now(), ",
        "left = Q(",
        "tests/importing/test_leases.py::test_held_import_is_not_taken",
    ),
    Mutant(
        "rows changed otherwise than by an act get a revision before that of an import",
        "meetings/editing/revisions.py",
        "if change.pk in untracked:",
        "if False:",
        "tests/importing/test_imports.py::test_rows_changed_otherwise_than_by_an_act"
        "_get_a_revision_before_that_of_the_import",
    ),
    Mutant(
        "a source cited since the plan is no conflict",
        "meetings/importing/plan/stale_rows.py",
        "if now[column] != then and not is_longer:",
        "if now[column] != then:",
        "tests/importing/test_imports.py::test_source_that_was_cited_since_the_plan_is_no_conflict",
    ),
    Mutant(
        "a source taken off the list since the plan is a conflict",
        "meetings/importing/plan/stale_rows.py",
        'column == "sources" and is_sublist(then, now[column])',
        'column == "sources"',
        "tests/importing/test_imports.py"
        "::test_source_that_was_taken_off_the_list_since_the_plan_is_a_conflict",
    ),
    Mutant(
        "addresses that led to what an undo deletes lead nowhere",
        "meetings/editing/apply.py",
        "        free_addresses([change for change in changes if not change.merged_into])\n",
        "",
        "tests/importing/test_undo.py::test_address_that_led_to_what_an_undo_deletes_leads_nowhere",
    ),
    Mutant(
        "a source with one of the words in its title goes after entries with all",
        "meetings/search/query.py",
        'self.titled(any_of=True) & ~Q(table="sources")',
        "self.titled(any_of=True)",
        "tests/search/test_query.py::test_source_with_one_of_the_words_in_its_title"
        "_goes_after_entries_with_all_in_their_text",
    ),
    Mutant(
        "a page of results is full though one entry is found in many parts",
        "meetings/search/query.py",
        "if not limit or len(results) >= (number or 0) or len(rows) < limit:",
        "if True:",
        "tests/search/test_query.py"
        "::test_entry_found_in_many_of_its_parts_leaves_room_for_the_others_on_the_page",
    ),
    Mutant(
        "a word of two letters gets no suggestion",
        "meetings/search/suggestions.py",
        '    if len(typed) < 3:\n        return ""\n',
        "",
        "tests/search/test_query.py::test_word_of_two_letters_gets_no_suggestion",
    ),
    Mutant(
        "only what is published is withdrawn",
        "meetings/editing/checks.py",
        "if new == Status.WITHDRAWN and old != Status.PUBLISHED:",
        "if False:",
        "tests/importing/test_status_rules.py::test_what_is_not_public_is_not_withdrawn_by_file_nor_at_the_desk",
    ),
    Mutant(
        "publishing asks for the right to publish",
        "meetings/editing/permissions.py",
        "find_problem(act, change.own.model, is_public)",
        "find_problem(act, change.own.model, False)",
        "tests/editing/test_acts.py::test_rights_are_asked_for_and_public_entries_ask_for_more",
    ),
    Mutant(
        "a form opened before the first revision is not stale",
        "meetings/editing/joins.py",
        " or (seen, current.revision) == (0, 1))",
        ")",
        "tests/editing/test_snapshots.py::test_act_on_a_row_whose_first_revision_came_meanwhile_is_not_refused",
    ),
    Mutant(
        "what is scheduled is not public",
        "meetings/models/publishable.py",
        "return due and self.status == self.Status.PUBLISHED",
        "return self.status == self.Status.PUBLISHED",
        "tests/models/test_publishable.py"
        "::test_entry_is_public_when_it_is_published_and_its_time_has_come",
    ),
    Mutant(
        "what is scheduled counts as unpublished",
        "meetings/models/publishable.py",
        "return self.exclude(self.model.public_now())",
        'return self.exclude(status="published")',
        "tests/models/test_publishable.py"
        "::test_entry_is_public_when_it_is_published_and_its_time_has_come",
    ),
    Mutant(
        "a status cannot be emptied by a file",
        "meetings/editing/checks.py",
        'change.refuse(CANNOT_BE_EMPTIED, row, "status")',
        "pass",
        "tests/importing/test_corpus.py"
        "::test_bad_file_is_refused_with_place_and_reason[status emptied]",
    ),
    Mutant(
        "an entry that stays keeps what it names",
        "meetings/importing/undo.py",
        "        if len(sound(left)) == len(left):\n            return\n",
        "        return\n",
        "tests/importing/test_undo_batches.py"
        "::test_source_does_not_go_back_to_an_address_that_one_that_stays_has",
    ),
    Mutant(
        "sources may exchange their addresses, says the plan",
        "meetings/editing/addresses.py",
        "given_up = [pk for change in changes for pk in (change.pk, change.merged_pk) if pk]",
        "given_up: list[int] = []",
        "tests/importing/test_addresses.py::test_sources_exchange_their_addresses",
    ),
    Mutant(
        "sources may exchange their addresses, in the database",
        "meetings/editing/writing.py",
        '    Source.objects.filter(pk__in=ids).update(url="")\n',
        "",
        "tests/importing/test_addresses.py::test_sources_exchange_their_addresses",
    ),
    Mutant(
        "an undo counts what went back",
        "meetings/importing/undo.py",
        "            self.undone.changed += len(sound(changes))\n",
        "",
        "tests/importing/test_undo_batches.py"
        "::test_entry_that_the_gate_keeps_stays_while_others_go_back",
    ),
    Mutant(
        "a page bears the day on which it is printed",
        "meetings/answers/kept.py",
        "self.state == state and self.day == day",
        "self.state == state",
        "tests/answers/test_making.py::test_page_bears_the_day_on_which_it_is_printed",
    ),
    Mutant(
        "each address has its own page",
        "meetings/answers/making.py",
        "request.path_info, ",
        "",
        "tests/answers/test_making.py::test_each_address_has_its_own_page",
    ),
    Mutant(
        "each query has its own page",
        "meetings/answers/making.py",
        'request.META["QUERY_STRING"], ',
        "",
        "tests/answers/test_making.py::test_each_address_has_its_own_page",
    ),
    Mutant(
        "each theme has its own page",
        "meetings/answers/making.py",
        ", request.theme)",
        ")",
        "tests/answers/test_making.py::test_each_theme_has_its_own_page",
    ),
    Mutant(
        "what another release made is not shown",
        "meetings/answers/store.py",
        "repr((release(), named, parts))",
        "repr((named, parts))",
        "tests/answers/test_parameters.py::test_another_release_has_other_pages",
    ),
    Mutant(
        "what was made under other settings is not shown",
        "meetings/answers/store.py",
        "repr((release(), named, parts))",
        "repr((release(), parts))",
        "tests/answers/test_parameters.py::test_other_settings_have_other_pages",
    ),
    Mutant(
        "what an editor sees is not kept for visitors",
        "meetings/middleware.py",
        "if not self.has_session(request) and not asks_for_a_time(request):",
        "if not asks_for_a_time(request):",
        "tests/answers/test_making.py::test_what_an_editor_sees_is_not_kept_for_visitors",
    ),
    Mutant(
        "a made-up session does not get round what is kept",
        "meetings/middleware.py",
        "bool(self.sessions(key).load())",
        "bool(key)",
        "tests/answers/test_parameters.py::test_made_up_session_does_not_get_round_what_is_kept",
    ),
    Mutant(
        "cookies leave no trace in what is kept",
        "meetings/answers/making.py",
        'request.method, request.COOKIES = "GET", {}',
        'request.method = "GET"',
        "tests/answers/test_parameters.py::test_cookies_leave_no_trace_in_what_is_kept",
    ),
    Mutant(
        "an answer that names an ignored value is not kept",
        "meetings/answers/parameters.py",
        "    patch_cache_control(response, no_store=True)\n",
        "",
        "tests/answers/test_parameters.py::test_answer_that_names_an_ignored_value_is_not_kept",
    ),
    Mutant(
        "unknown parameters do not get round what is kept",
        "meetings/answers/parameters.py",
        "[name for name in names if name in given]",
        "sorted(given)",
        "tests/answers/test_parameters.py::test_unknown_parameters_and_their_order_do_not_get_round_what_is_kept",
    ),
    Mutant(
        "only what is found is kept",
        "meetings/answers/making.py",
        "response.status_code == 200",
        "True",
        "tests/answers/test_making.py::test_answer_that_is_no_page_is_not_kept",
    ),
    Mutant(
        "a page shows every change",
        "meetings/models/public_state.py",
        "{marks} ",
        "",
        "tests/answers/test_making.py::test_page_shows_what_was_written_at_once",
    ),
    Mutant(
        "a page shows what becomes due",
        "meetings/models/public_state.py",
        " {due}",
        "",
        "tests/answers/test_making.py::test_what_is_due_is_there_at_its_time",
    ),
    Mutant(
        "an act that ends a publication says so",
        "meetings/editing/revisions.py",
        "takes_out=takes_out",
        "takes_out=False",
        "tests/models/test_public_state.py::test_ending_a_publication_takes_something_out",
    ),
    Mutant(
        "no page of before a withdrawal is given again",
        "meetings/answers/making.py",
        "if former.state.withdrawals == public_state().withdrawals:",
        "if True:",
        "tests/answers/test_making.py::test_nobody_gets_a_page_of_before_something_was_taken_out",
    ),
    Mutant(
        "a page made while the record changes is not kept",
        "meetings/answers/making.py",
        "kept.may_be_kept and public_state() == self.state",
        "kept.may_be_kept",
        "tests/answers/test_making.py::test_page_made_while_the_record_changed_is_not_kept_for_a_restored_one",
    ),
    Mutant(
        "nothing is shown for longer than ten minutes without the database",
        "meetings/models/outage.py",
        "last_answer is None or monotonic() - last_answer.heard_at > OUTAGE_SECONDS",
        "last_answer is None",
        "tests/answers/test_outages.py::test_nothing_is_shown_for_longer_than_ten_minutes",
    ),
    Mutant(
        "without the database, what another process knows to be past is not shown",
        "meetings/models/outage.py",
        "    return (shared, last_answer.day) if shared else None",
        "    return (last_answer.state, last_answer.day)",
        "tests/answers/test_outages.py::test_page_of_before_a_change_that_another_process_heard_of_is_not_shown",
    ),
    Mutant(
        "without the database, what was just withdrawn is not shown",
        "meetings/models/record_state.py",
        "                transaction.on_commit(outage.forget, using=self.db)",
        "                pass",
        "tests/answers/test_outages.py::test_what_was_withdrawn_is_not_shown_where_nobody_asked_since",
    ),
    Mutant(
        "one makes a page while others wait",
        "meetings/answers/store.py",
        '    return caches["shared_pages"].add(key, True, seconds)',
        "    return True",
        "tests/answers/test_making.py::test_thirty_readers_wait_for_one_making",
    ),
    Mutant(
        "a page shows what a fixture brings",
        "meetings/management/commands/loaddata.py",
        "        RecordState.objects.using(self.using).mark_changed(takes_out=True)\n",
        "",
        "tests/answers/test_making.py::test_page_shows_what_a_fixture_brings_at_once",
    ),
    Mutant(
        "a page shows what a migration wrote",
        "meetings/apps.py",
        "        post_migrate.connect(mark_migrated, sender=self)\n",
        "",
        "tests/answers/test_making.py::test_page_shows_what_a_migration_wrote_at_once",
    ),
    Mutant(
        "a page shows a redirect that a file brings",
        "meetings/editing/apply.py",
        "        RecordState.objects.mark_changed()\n",
        "",
        "tests/answers/test_making.py::test_page_shows_a_reference_renamed_and_a_redirect_at_once",
    ),
    Mutant(
        "who asks by a time has the answer of that time",
        "meetings/answers/kept.py",
        " == kept.made_at else None",
        " >= kept.made_at else None",
        "tests/answers/test_kept.py::test_change_is_sent_to_who_has_the_former_answer",
    ),
    Mutant(
        "a host that is not ours is refused where a page is kept",
        "meetings/middleware.py",
        "request.get_host()  # Refuses",
        "pass  # Refuses",
        "tests/answers/test_parameters.py::test_host_that_is_not_ours_is_refused_where_a_page_is_kept",
    ),
    Mutant(
        "the tag of a long answer is of the record's state",
        "meetings/answers/making.py",
        "repr((self.key, self.state.changes, self.day))",
        "repr((self.key, self.day))",
        "tests/answers/test_kept.py::test_long_list_is_sent_as_it_is_read_and_not_sent_again",
    ),
    Mutant(
        "no zip of before a withdrawal is given again",
        "meetings/exporting/package/public_files.py",
        " or stored.withdrawals != state.withdrawals:",
        ":",
        "tests/exporting/test_made_ahead.py::test_none_of_before_a_withdrawal_is_given_again",
    ),
    Mutant(
        "a large zip is made by one",
        "meetings/exporting/package/made_ahead.py",
        ' or not caches["shared"].add(CLAIM, True, CLAIM_SECONDS)',
        "",
        "tests/exporting/test_made_ahead.py::test_only_one_of_several_workers_makes_it",
    ),
    Mutant(
        "long files leave threads for pages",
        "meetings/answers/making.py",
        "places_for_long_answers.acquire(blocking=False):",
        "True:",
        "tests/answers/test_long_answers.py",
    ),
    Mutant(
        "no text ends the element of linked data",
        "meetings/exporting/linked_data.py",
        ".translate(ESCAPES)",
        "",
        "tests/test_markup.py::test_nothing_is_alive_on_any_page",
    ),
    Mutant(
        "markup in a feed is text",
        "meetings/feeds.py",
        "escape(without_forbidden_characters(plain_text(text)))",
        "without_forbidden_characters(plain_text(text))",
        "tests/test_markup.py::test_feeds_maps_and_pictures_are_xml_with_nothing_alive",
    ),
)


def run(folder: str, *tests: str) -> int:
    """Run tests in a copy of the project; return pytest's exit code: 0 passed, 1 failed."""
    command = (sys.executable, "-B", "-m", "pytest", "-q", "-x", *tests)
    environment = os.environ | {"DATABASE_URL": ""}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    return done.returncode


def problem(folder: str, mutant: Mutant) -> str:
    """Return what is wrong with a mutant: its text is gone, or its test passes; or nothing."""
    file = Path(folder, mutant.path)
    original = file.read_text(encoding="utf-8") if file.exists() else ""
    if original.count(mutant.old) != 1:
        return f"{mutant.path} does not hold its text once. Write the fault as it would be now."
    file.write_text(original.replace(mutant.old, mutant.new), encoding="utf-8")
    code = run(folder, mutant.test)
    file.write_text(original, encoding="utf-8")
    if code > 1:
        return f"{mutant.test} cannot be run."
    return "" if code else f"{mutant.test} passes all the same."


def main() -> None:
    chosen = [mutant for mutant in MUTANTS if all(word in mutant.promise for word in sys.argv[1:])]
    if not chosen:
        sys.exit("No promise has these words.")
    survivors = 0
    with TemporaryDirectory() as folder:
        for name in COPIED:
            shutil.copytree(ROOT / name, Path(folder, name))
        shutil.copy(ROOT / "pyproject.toml", folder)
        if run(folder, *{mutant.test for mutant in chosen}):
            sys.exit("A test that is named here fails without a fault, or is not there.")
        for mutant in chosen:
            found = problem(folder, mutant)
            print("SURVIVES" if found else "killed  ", mutant.promise, found, flush=True)
            survivors += bool(found)
    if survivors:
        sys.exit(f"{survivors} of {len(chosen)} faults are not noticed.")


if __name__ == "__main__":
    main()
