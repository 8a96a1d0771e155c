# SPDX-License-Identifier: GPL-3.0-or-later
"""Which stories of a host run on knotd alone, and why: every other one that starts a host runs on
both (both.py). A list names stories, classes, files or the first words of files."""

import dis
import inspect
import types

# About something else: what steerctl, steerd, the engine or knotd does, which a host only shows.
OF_STEERD = "what steerd does, which a host shows"
OTHER = {
    "backup_while_running": "steerctl backup while a host serves",
    "bad_stores": "what knotc and knotd say of a store: of named it is bind_configuration",
    "beside_recipes": "recipes of mod-steer(8) that consist of Knot's own commands",
    "checklist_probing": OF_STEERD,
    "compared": "maps, beside mod-geoip and gdnsd",
    "full_disk_and_map": "how steerctl and the engine bear a full disk",
    "geoip_import": "maps and weights, beside mod-geoip",
    "guide_route53": "commands of README.md",
    "idle": "what the engine does while nobody asks",
    "import_dialects": "what steerctl makes of files, which a host bears out",
    "import_gdnsd": "what steerctl makes of files, beside gdnsd, which a host bears out",
    "import_like_knot": "steerctl takes the zone files that knotd takes",
    "killed": "what killed programs leave behind in a store",
    "live_changes.QueryRate": "what the engine costs while the store changes, measured",
    "maps_served": "what maps of all networks say, by every network in them",
    "no_cost_per_query": "system calls and memory of knotd's workers",
    "octodns": "what steerctl makes of files, which a host bears out",
    "overlay_modules.OtherModules.test_answer_rotation":
        "how knotd rotates; BIND begins with any value, so that it would hold by chance",
    "policies_explain_maps": "what steerctl explain says, which a host bears out",
    "policies_samples": "what steerctl explain says, which a host bears out",
    "resolve": OF_STEERD,
    "route53_changes": "what steerctl import makes of a store, which a host shows",
    "steerd": OF_STEERD,
    "targets": OF_STEERD,
    "traffic_policies": "what steerctl import makes of traffic policies, which a host bears out",
    "users": "who may read and write a store",
}

# About answers, but by what BIND has not got or does in its own way. On BIND they must fail; one
# that does not has to be taken off the list.
NO_COUNTERS = "a plugin of BIND has no counters"
EXCEPTIONS = {
    "beside_knots_zones.EqualNames.test_knots_commands_work_on_its_zone": "rndc changes no records",
    "beside_knots_zones.HalfHosted": "BIND's own zones are compared with Knot's, counters, too",
    "beside_knots_zones.ZoneScope": "BIND has plugins for views, not for zones",
    "case_of_names.CaseOfNames.test_records_as_knot":
        "BIND writes owners in the case that they have in the store: hosts.py, CASE",
    "configuration_database": "BIND has no configuration database",
    "damaged_node.DamagedNode.test_it_is_counted": NO_COUNTERS,
    "differential": "compared with Knot, counters, too: bind_differential asks for the same zones",
    "encrypted": "TLS and QUIC are configured in each host's own way",
    "load_and_answer.LoadAndAnswer.test_a_daemon": "knotd -d",
    "load_and_answer.LoadAndAnswer.test_answers_are_counted": NO_COUNTERS,
    "load_and_answer.LoadAndAnswer.test_counters_are_there_before_the_first_question": NO_COUNTERS,
    "other_modules": "BIND has none of Knot's modules",
    "other_queries.OtherQueries.test_bytes_behind_a_message": "BIND answers such a query",
    "other_queries.OtherQueries.test_queries_with_tsig":
        "BIND signs what the store answers: bind_load_and_answer",
    "overlay.Answers.test_a_type_in_place_of_all_is_counted_once": NO_COUNTERS,
    "overlay.Changes.test_of_the_zone_below_come_by_ixfr":
        "BIND does not log whether a transfer was incremental",
    "overlay_modules.OtherModules.test_own_counters": NO_COUNTERS,
    "overlay_modules.OtherModules.test_rate_limits": "mod-rrl; of BIND it is bind_access",
    "overlay_modules.OtherModules.test_stats": NO_COUNTERS,
    "overlay_zones.Absent.test_expired": "rndc cannot have a zone expire",
    "overlay_zones.ZoneScope": "BIND has plugins for views, not for zones",
    "reload_under_load.ReloadUnderLoad.test_a_bad_configuration_changes_nothing":
        "a store that is not there is no bad configuration of BIND: bind_reload",
    "reload_under_load.ReloadUnderLoad.test_zone_backup_and_restore": "commands of knotc",
    "reload_under_load.ReloadUnderLoad.test_zone_reload_and_statistics": "commands of knotc",
    "statistics": NO_COUNTERS,
    "truncation.AtEverySize.test_plain_zones_answer_as_knot_does":
        "BIND has its own rules for what it leaves out if it does not fit: hosts.py, SIZE",
    "xdp": "BIND has no AF_XDP",
}


def listed(reasons, test):
    """The reason that stands for a test, or for its class or file; None: there is none."""
    file, cls, story = test.removeprefix("test_").rsplit(".", 2)
    cls = cls.removesuffix("OnBind")
    for key in f"{file}.{cls}.{story}", f"{file}.{cls}", file, file.split("_")[0]:
        if key in reasons:
            return reasons[key]
    return None


def other(test):
    """Why a test, given by its id, is about something else; None: it is not."""
    return listed(OTHER, test)


def exception(test):
    """Why a test, given by its id, must fail on BIND; None: it must not."""
    return listed(EXCEPTIONS, test)


def _names_in(code):
    """Names of the attributes that a function uses, and the functions in it."""
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("LOAD_ATTR", "LOAD_METHOD", "LOAD_SUPER_ATTR"):
            yield instruction.argval
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names_in(constant)


def starts_host(cls, story):
    """Whether a story comes to host(), by the names that it uses and those behind them."""
    seen, left = set(), ["setUp", story]
    while left:
        name = left.pop()
        if name not in seen:
            seen.add(name)
            for owner in cls.__mro__:
                code = getattr(inspect.unwrap(vars(owner).get(name)), "__code__", None)
                left += _names_in(code) if code is not None else ()
    return "host" in seen
