"""Every card, in the order in which pages show them: one module or a few a system of care."""

from __future__ import annotations

from metrics.card import Card
from metrics.cards import (
    s01_institutions,
    s01_licences,
    s01_services,
    s02_facilities,
    s03_training,
    s03_workforce,
    s04_health_records,
    s04_upkeep,
    s05_arrangements,
    s05_delivery,
    s05_family_doctor,
    s06_health_education,
    s07_immunisation,
    s07_operation,
    s08_child_health,
    s09_maternal_health,
    s10_daily_life,
    s10_older_residents,
    s11_chronic_disease,
    s11_groups,
    s11_programmes,
    s12_mental_health,
    s13_infectious_disease,
    s14_tuberculosis,
    s15_health_supervision,
    s16_chinese_medicine,
    s17_quality,
    s17_visits,
    s18_referral,
    s19_rehabilitation,
    s20_drugs,
    s21_finance,
    s22_funds,
    s23_insurance,
    s24_integration,
    s25_supervision,
    s26_appraisal,
    s27_village_doctors,
    s28_information,
    s29_disclosure,
    s30_family_planning,
    s31_environment,
    s32_programmes,
    s33_floating_population,
    s34_summaries,
    s35_safety,
    s36_conduct,
    warnings,
)

_SYSTEMS = (
    s01_institutions,
    s01_licences,
    s01_services,
    s02_facilities,
    s03_workforce,
    s03_training,
    s04_health_records,
    s04_upkeep,
    s05_family_doctor,
    s05_delivery,
    s05_arrangements,
    s06_health_education,
    s07_immunisation,
    s07_operation,
    s08_child_health,
    s09_maternal_health,
    s10_older_residents,
    s10_daily_life,
    s11_programmes,
    s11_chronic_disease,
    s11_groups,
    s12_mental_health,
    s13_infectious_disease,
    s14_tuberculosis,
    s15_health_supervision,
    s16_chinese_medicine,
    s17_visits,
    s17_quality,
    s18_referral,
    s19_rehabilitation,
    s20_drugs,
    s21_finance,
    s22_funds,
    s23_insurance,
    s24_integration,
    s25_supervision,
    s26_appraisal,
    s27_village_doctors,
    s28_information,
    s29_disclosure,
    s30_family_planning,
    s31_environment,
    s32_programmes,
    s33_floating_population,
    s34_summaries,
    s35_safety,
    s36_conduct,
    warnings,
)


def _collect() -> dict[str, Card]:
    cards: dict[str, Card] = {}
    for system in _SYSTEMS:
        for card in system.CARDS:
            if card.key in cards:
                raise ValueError(f"card {card.key} is declared twice")
            cards[card.key] = card
    return cards


CARDS: dict[str, Card] = _collect()
