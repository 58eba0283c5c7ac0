"""The traps of the library, row by row.

`ROWS` lists every row of the measurements (T1 to T12, what the library refuses, what it runs wrongly, what it runs
right) with the tests that hold the right behaviour; their docstrings cite the row.
"""

from tests.unit.bpmn import test_traps_of_state, test_traps_refused, test_traps_silent, test_traps_supported

ROWS: dict[str, tuple[str, ...]] = {
    "T1": ("test_five_thousand_turns_leave_the_state_as_small_and_the_tree_as_flat_as_one",),
    "T2": ("test_five_thousand_turns_leave_the_state_as_small_and_the_tree_as_flat_as_one",),
    "T3": (
        "test_any_json_value_survives_storing_as_variable_and_as_local_variable",
        "test_nothing_of_the_library_is_used_but_its_kernel",
    ),
    "T4": ("test_the_compiled_diagram_is_the_same_after_a_hundred_instances",),
    "T5": ("test_the_state_never_holds_the_diagram",),
    "T6": ("test_parallel_branches_share_no_list", "test_nothing_of_the_library_is_used_but_its_kernel"),
    "T7": (
        "test_five_thousand_turns_leave_the_state_as_small_and_the_tree_as_flat_as_one",
        "test_a_scope_that_has_ended_leaves_nothing_in_the_state",
    ),
    "T8": (
        "test_python_in_a_diagram_is_no_expression",
        "test_what_python_would_find_inside_a_value_is_nothing_or_an_error",
        "test_no_text_is_ever_run_as_python",
    ),
    "T9": (
        "test_the_clock_of_the_machine_changes_nothing",
        "test_the_interpreter_of_diagrams_never_asks_a_clock_of_the_wall",
    ),
    "T10": ("test_an_event_that_is_thrown_inside_reaches_the_boundary_before_the_scope_runs_on",),
    "T11": (
        "test_a_timer_keeps_its_instant_through_every_later_step",
        "test_nothing_of_the_library_is_used_but_its_kernel",
    ),
    "T12": (
        "test_what_has_been_done_is_never_undone_by_going_back",
        "test_nothing_of_the_library_is_used_but_its_kernel",
    ),
    # refused by the library, or failing at run time
    "complex gateway": ("test_a_complex_gateway_joins_by_its_condition",),
    "compensation boundary event": ("test_a_compensation_boundary_event_brings_its_handler",),
    "more than one flow out of an activity": (
        "test_an_activity_may_have_several_flows_out_with_conditions_and_a_default",
    ),
    "global tasks called": ("test_a_global_task_is_called_like_a_process",),
    "process or sub-process without start event": (
        "test_a_scope_without_start_or_end_event_begins_where_no_flow_leads_and_ends_where_none_goes_on",
    ),
    "process or sub-process without end event": (
        "test_a_scope_without_start_or_end_event_begins_where_no_flow_leads_and_ends_where_none_goes_on",
    ),
    "instantiating receive task": ("test_a_receive_task_or_an_event_gateway_may_start_an_instance",),
    "instantiating event gateway": ("test_a_receive_task_or_an_event_gateway_may_start_an_instance",),
    "data store without a registered class": ("test_a_data_store_is_a_drawing_and_an_association_with_it_is_refused",),
    "business rule and service tasks in the base parser": (
        "test_service_and_business_rule_tasks_ask_their_handler_and_their_table",
    ),
    "`eventDefinitionRef` on boundary events": ("test_an_event_definition_by_reference_is_the_definition",),
    "plain ISO timer text": ("test_a_plain_iso_text_is_a_timer",),
    "an XML comment inside a script task": ("test_a_comment_in_a_script_does_not_cut_it",),
    "ad-hoc sub-process": ("test_an_ad_hoc_sub_process_offers_its_activities_in_its_order",),
    "`numberOfCompletedInstances` and the other counters": ("test_sixty_per_cent_of_the_votes_end_a_vote",),
    "element ids `Start`, `End`": ("test_elements_may_be_called_as_the_library_calls_its_own",),
    "service error surfaces as NameError": ("test_an_error_of_a_service_is_the_error_it_says",),
    "multi-instance by cardinality with an existing output": (
        "test_a_multi_instance_replaces_a_list_that_was_there_before",
    ),
    "candidate groups and other extension attributes": (
        "test_candidate_groups_and_what_else_a_user_task_says_reach_the_task",
    ),
    # accepted by the library, then silently wrong
    "compensation throw or end event": ("test_a_compensation_boundary_event_brings_its_handler",),
    "link events": ("test_a_link_leads_to_its_catch",),
    "signal end event; signal in a multiple end event": ("test_an_end_event_throws_its_signal",),
    "error, escalation or compensation start event of an event sub-process": (
        "test_nothing_is_handled_that_was_not_thrown",
        "test_what_is_thrown_is_handled",
    ),
    "interrupting event sub-process": ("test_an_interrupting_event_sub_process_stops_what_it_interrupts",),
    "event sub-process inside a sub-process": ("test_an_event_sub_process_inside_a_sub_process_is_begun",),
    "timer event sub-process not triggered": ("test_a_timer_that_was_not_needed_holds_nothing_up",),
    "uncaught error end event in a sub-process": ("test_an_error_that_nobody_catches_ends_the_instance",),
    "non-interrupting message boundary event": ("test_a_message_at_the_boundary_comes_again_and_again",),
    "condition that becomes true through another branch": ("test_a_condition_sees_what_another_branch_has_written",),
    "signal caught in the throwing instance": ("test_a_signal_is_caught_inside_and_told_outside",),
    "start by message when there is a none start event too": ("test_a_message_starts_at_its_own_start_event",),
    "several timers after an event-based gateway": ("test_of_several_timers_after_an_event_based_gateway_one_fires",),
    "task without type": ("test_a_task_that_nobody_is_told_of_is_passed",),
    "`scriptFormat`": ("test_a_script_in_another_language_is_refused",),
    "`startQuantity`, `completionQuantity`": ("test_quantities_of_tokens_are_what_the_diagram_says",),
    "multi-instance behaviour none/one/complex": ("test_another_behavior_of_a_multi_instance_is_refused",),
    "negative `loopMaximum` or cardinality": (
        "test_a_negative_number_of_rounds_or_instances_is_refused",
        "test_a_negative_cardinality_that_is_computed_is_an_error",
    ),
    "multi-instance completion condition": ("test_sixty_per_cent_of_the_votes_end_a_vote",),
    "data associations with an ioSpecification": ("test_data_associations_map_the_names_of_an_io_specification",),
    "`eventDefinitionRef` on start and end events": ("test_an_event_definition_by_reference_is_the_definition",),
    '`ordering="Sequential"` on ad-hoc': ("test_an_ad_hoc_sub_process_offers_its_activities_in_its_order",),
    "broken script syntax": ("test_what_would_fail_later_is_refused_at_deployment",),
    "invalid durations": ("test_what_would_fail_later_is_refused_at_deployment",),
    "orphan nodes": ("test_what_would_fail_later_is_refused_at_deployment",),
    "missing called process": ("test_a_called_process_is_named_to_whoever_deploys",),
    # supported and right; the first row has a case for each construct
    "Supported and right": ("test_what_the_library_does_right_is_right_here_too",),
    "start by message, signal, timer, condition": ("test_a_process_starts_by_its_event",),
    "several start events": ("test_a_message_starts_at_its_own_start_event",),
    "lanes": ("test_a_lane_is_what_its_elements_say",),
}


def test_every_row_has_a_test_that_cites_it():
    modules = (test_traps_of_state, test_traps_refused, test_traps_silent, test_traps_supported)
    documented = {name: value.__doc__ or "" for module in modules for name, value in vars(module).items()}
    missing = {(row, name) for row, names in ROWS.items() for name in names if row not in documented.get(name, "")}

    assert missing == set()
    assert all(ROWS.values())
