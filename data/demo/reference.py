"""What the reference centre must reproduce for 2025: inputs of the calibration, never written as results.

Whole numbers are for a centre of 120,000 residents and scale with its size; shares do not. Years
other than 2025 follow from the published change where there is one, else from a plain trend.
Only the generator and one test read this file.
"""

from __future__ import annotations

POPULATION = 120_000

SHARES_2025 = {
    "op_elderly_share": 0.382,
    "ncd_opc_share": 0.517,
    "fd_contract_rate": 0.687,
    "fd_key_contract_rate": 0.924,
    "rx_qualified_rate": 0.986,
    "antibiotic_rate": 0.123,
    "htn_prevalence": 0.186,
    "dm_prevalence": 0.092,
    "htn_control_rate": 0.789,
    "dm_control_rate": 0.725,
    "htn_adherence_rate": 0.682,
    "el_mgmt_rate": 0.893,
    "im_flu60_rate": 0.624,
    "im_covid_booster2": 0.581,
    "fd_fulfilment_rate": 0.956,
    "hr_dynamic_update_rate": 0.893,
    "tcm_decoction_rate": 0.413,
    "ch_mgmt_rate": 0.987,
    "ch_system_rate": 0.972,
    "mt_early_booking_rate": 0.954,
    "mh_standard_rate": 0.991,
}
# Not published: what units of other centres scatter around.
CHOSEN_SHARES = {
    "ch_caries": 0.352,
    "mt_booking_rate": 0.962,
    "mt_postpartum_visit_rate": 0.972,
    "tcm_elder": 0.71,
    "tcm_child": 0.78,
}
# Change from 2024 in percentage points.
CHANGES = {
    "rx_qualified_rate": 0.008,
    "htn_control_rate": 0.041,
    "dm_control_rate": 0.036,
    "el_mgmt_rate": 0.021,
    "ch_caries": -0.058,
}

COUNTS_2025 = {
    "service_persontimes": 128_000,
    "op_visits": 86_000,
    "online_services": 18_000,
    "tcm_visits": 21_000,
    "htn_managed": 5_217,
    "dm_managed": 2_634,
    "ncd_care_plan": 327,
    "ncd_care_plan_improved": 45,
    "rf_up": 124,
    "rf_down": 287,
    "fd_home_visits": 2_345,
    "fd_home_nursing": 127,
    "fd_drug_delivery": 89,
    "el_highrisk_listed": 356,
    "el_dynamic_mgmt": 823,
    "el_sarcopenia_improved": 217,
    "ch_vision_screened": 2_312,
    "ch_myopia": 417,
    "ch_sealant": 326,
    "ch_fluoride": 512,
    "tcm_package_persons": 876,
}
CHOSEN_COUNTS = {"el_meals": 104}
# 2025 over 2024.
GROWTH = {"service_persontimes": 1.113, "op_visits": 1.089}
# Not published: chosen so that the person-times of every year leave room for health checks.
CHOSEN_GROWTH = {
    "htn_managed": 1.2,
    "dm_managed": 1.2,
    "fd_home_visits": 1.15,
    "online_services": 1.15,
    "tcm_package_persons": 1.15,
    "ch_myopia": 1.08,
}
LATER_GROWTH = 0.03  # a year after 2025, of counts whose growth is not published
# Health checks for one resident that the centre makes itself at least, whatever room there is: a month without any
# would look as if it had not been delivered.
CHECKS_AT_CENTRE = 0.002

COST_2025 = 12_850  # fen a visit
COST_CHANGE = -0.032
