"""Who is in office in the demonstration: invented people, in the places that a procedure leaves open."""

import re

OFFICIALS = {  # role: name, rank, NIP; nobody born in 1900 is in office
    "kabid": ("Marintan Contoh, S.Sos., M.Si.", "Pembina (IV/a)", "190003121990032001"),
    "sekdis": ("Parulian Contoh, S.H.", "Pembina Tingkat I (IV/b)", "190007211990031002"),
    "kadis": ("Dra. Rupina Contoh, M.Si.", "Pembina Utama Muda (IV/c)", "190001151990032001"),
}
ADDRESS = "Jalan Contoh Nomor 1, Pematangsiantar"


def filled(procedure):
    """The YAML of a procedure with a name for every official who has none, and an address on its letters."""
    for role, (name, rank, nip) in OFFICIALS.items():
        more = f', name: "{name}", rank: "{rank}", nip: "{nip}"}}'
        procedure = re.sub(rf"(?m)^(  - {{role: {role}, title: [^,}}]*)}}", lambda open_place, m=more: open_place[1] + m, procedure)
    if not re.search(r"(?m)^  address:", procedure):
        procedure = re.sub(r"(?m)^(  government: .*\n)", rf"\1  address: {ADDRESS}\n", procedure)
    return procedure
