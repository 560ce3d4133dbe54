"""English adjectives of countries, for labels such as "Finnish account".

Not listed, so that labels use the name ("United States account"): countries whose name is used as
an adjective, and those that share their adjective with another (Congolese, Dominican).
"""

from django_countries.fields import Country

# ISO 3166-1 alpha-2 code and adjective, in order of the codes, a line for each first letter.
TEXT = """
AD Andorran, AE Emirati, AF Afghan, AL Albanian, AM Armenian, AO Angolan, AR Argentine, AT Austrian,
    AU Australian, AZ Azerbaijani
BA Bosnian, BB Barbadian, BD Bangladeshi, BE Belgian, BF Burkinabe, BG Bulgarian, BH Bahraini,
    BI Burundian, BJ Beninese, BN Bruneian, BO Bolivian, BR Brazilian, BS Bahamian, BT Bhutanese,
    BY Belarusian, BZ Belizean
CA Canadian, CF Central African, CH Swiss, CI Ivorian, CL Chilean, CM Cameroonian, CN Chinese,
    CO Colombian, CR Costa Rican, CU Cuban, CV Cabo Verdean, CY Cypriot, CZ Czech
DE German, DJ Djiboutian, DK Danish, DZ Algerian
EC Ecuadorian, EE Estonian, EG Egyptian, ER Eritrean, ES Spanish, ET Ethiopian
FI Finnish, FJ Fijian, FM Micronesian, FR French
GA Gabonese, GD Grenadian, GE Georgian, GH Ghanaian, GL Greenlandic, GM Gambian, GN Guinean,
    GQ Equatorial Guinean, GR Greek, GT Guatemalan, GW Bissau-Guinean, GY Guyanese
HN Honduran, HR Croatian, HT Haitian, HU Hungarian
ID Indonesian, IE Irish, IL Israeli, IN Indian, IQ Iraqi, IR Iranian, IS Icelandic, IT Italian
JM Jamaican, JO Jordanian, JP Japanese
KE Kenyan, KG Kyrgyz, KH Cambodian, KM Comorian, KP North Korean, KR South Korean, KW Kuwaiti,
    KZ Kazakh
LA Lao, LB Lebanese, LC Saint Lucian, LK Sri Lankan, LR Liberian, LT Lithuanian, LV Latvian,
    LY Libyan
MA Moroccan, MC Monegasque, MD Moldovan, ME Montenegrin, MG Malagasy, MH Marshallese, ML Malian,
    MN Mongolian, MR Mauritanian, MT Maltese, MU Mauritian, MV Maldivian, MW Malawian, MX Mexican,
    MY Malaysian, MZ Mozambican
NA Namibian, NE Nigerien, NG Nigerian, NI Nicaraguan, NL Dutch, NO Norwegian, NP Nepali, NR Nauruan
OM Omani
PA Panamanian, PE Peruvian, PG Papua New Guinean, PH Philippine, PK Pakistani, PL Polish,
    PS Palestinian, PT Portuguese, PW Palauan, PY Paraguayan
QA Qatari
RO Romanian, RS Serbian, RU Russian, RW Rwandan
SA Saudi, SC Seychellois, SD Sudanese, SE Swedish, SG Singaporean, SI Slovenian, SK Slovak,
    SL Sierra Leonean, SM Sammarinese, SN Senegalese, SO Somali, SR Surinamese, SS South Sudanese,
    SV Salvadoran, SY Syrian, SZ Swazi
TD Chadian, TG Togolese, TH Thai, TJ Tajik, TL Timorese, TM Turkmen, TN Tunisian, TO Tongan,
    TR Turkish, TV Tuvaluan, TW Taiwanese, TZ Tanzanian
UA Ukrainian, UG Ugandan, UY Uruguayan, UZ Uzbek
VE Venezuelan, VN Vietnamese
WS Samoan
XK Kosovar
YE Yemeni
ZA South African, ZM Zambian, ZW Zimbabwean
"""
ENTRIES = (entry.split(maxsplit=1) for line in TEXT.splitlines() for entry in line.split(","))
ADJECTIVES = {entry[0]: entry[1] for entry in ENTRIES if entry}


def country_adjective(country: Country | str) -> str:
    """Return the adjective of a country or a code, or its name: Finnish, United States."""
    country = Country(country) if isinstance(country, str) else country
    return ADJECTIVES.get(country.code, str(country.name))
