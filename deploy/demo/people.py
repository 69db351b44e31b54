"""An invented population of Kota Pematangsiantar: families, persons and what is known of them.

Nobody here exists. Every family follows from (seed, its index) alone, so any part can be made again and millions can be
made one after the other in constant memory. NIK and KK are valid in shape and unique by construction.
"""
import datetime
import random

SLOTS = 8               # persons a family may have; person index = family index * SLOTS + place in it
BLOCKS = 8 * 365        # kecamatan x day of the year: one block of numbers each
FAMILIES_MAX = BLOCKS * 9999 // SLOTS  # serials 0001..9999 in each block
PEOPLE_MAX = 10_000_000  # families have 3.7 persons on average: this many fit FAMILIES_MAX with room to spare
DAY = datetime.timedelta(days=1)

# Kecamatan 12.72.01 to 12.72.08 and their kelurahan. The four-digit codes follow the alphabet: near the official ones,
# not meant to equal them.
KECAMATAN = [
    ("SIANTAR TIMUR", "Asuhan|Kebun Sayur|Merdeka|Pahlawan|Pardomuan|Siopat Suhu|Tomuan"),
    ("SIANTAR BARAT", "Banjar|Bantan|Dwikora|Proklamasi|Simarito|Sipinggol Pinggol|Teladan|Timbang Galung"),
    ("SIANTAR UTARA", "Bane|Baru|Kahean|Martoba|Melayu|Sigulang Gulang|Sukadame"),
    ("SIANTAR SELATAN", "Aek Nauli|Karo|Kristen|Martimbang|Simalungun|Toba"),
    ("SIANTAR MARIHAT", "BP Nauli|Mekar Nauli|Pardamean|Parhorasan Nauli|Suka Maju|Suka Makmur|Suka Raja"),
    ("SIANTAR MARTOBA", "Naga Pita|Naga Pitu|Pondok Sayur|Sumber Jaya|Tambun Nabolon|Tanjung Pinggir|Tanjung Tongah"),
    ("SIANTAR SITALASARI", "Bah Kapul|Bah Sorma|Bukit Sofa|Gurilla|Setia Negara"),
    ("SIANTAR MARIMBUN", "Marihat Jaya|Nagahuta|Nagahuta Timur|Pematang Marihat|Simarimbun|Tong Marimbun"),
]
KECAMATAN = [(name, villages.split("|")) for name, villages in KECAMATAN]

# Name parts made up for this purpose; together they name nobody.
GIVEN = {
    "L": "Ardiman Bastoro Carwito Dumaris Ependi Fajarul Gunarman Hotbinsar Irsanto Jontara Kasirun Lamsihar Mardongan "
         "Nasruman Ombang Parlinggom Rusdiyan Sabarno Tunggulan Umarjono Wardimin Yosarman Zulpadli Andrehan".split(),
    "P": "Asmarini Berlianta Cahyawati Damerina Ernisa Faridana Gustiana Herlinawa Intansari Juwitari Kartinem "
         "Lestariana Murniasih Nurhasnah Orlena Pujiastin Rupinawati Sulastrina Tiolinda Ulianta Wagiyem Yunitari "
         "Zahrawani Renelda".split(),
}
SECOND = ("Abimana Baruna Citrawan Darmaji Endrawan Firmansa Gemilang Harapan Indriyan Jayantara Kusumadi Laksita "
          "Mahardi Naulita Permadi Ramadana Santika Tirtana Utamara Wibawan").split()
LAST = ("Sihombaru Naibahora Situmaraja Hutasariba Lumbanrasa Sinagabu Purbasiha Saragitua Damanikara Simarjaru "
        "Pardosiman Tambunaran Nasutara Harahapan Lubisanto Siregora Wijayanto Sudarsana Hartawira Prayogana "
        "Setiawira Kurniadana Suhartono Gintingsah").split()
STREETS = "Melati Mawar Kenanga Cempaka Dahlia Anggrek Teratai Flamboyan Sakura Seroja".split()
PLACES = "PEMATANGSIANTAR PEMATANGSIANTAR PEMATANGSIANTAR SIMALUNGUN MEDAN TEBING TINGGI".split(" ", 5)
JOBS = ["BURUH HARIAN LEPAS", "PEDAGANG", "PETANI/PEKEBUN", "WIRASWASTA", "BELUM/TIDAK BEKERJA"]

# DTSEN coding (domain facts 3.3)
HEAD, SPOUSE, CHILD, ELDER = 1, 2, 3, 6
UNMARRIED, MARRIED, DIVORCED, WIDOWED = 1, 2, 4, 5

# What is peculiar about a person, how often, what validation should find, why. Everybody else is "biasa".
STORIES = {
    "meninggal": (0.008, "tertahan", "meninggal"),
    "ganda": (0.005, "tinjau", "ganda"),
    "nonaktif": (0.005, "tertahan", "nonaktif"),
    "tidak_ditemukan": (0.008, "tertahan", "tidak_ditemukan"),
    "nama_beda": (0.010, "tertahan", "tidak_padan"),
    "lahir_beda": (0.008, "tertahan", "tidak_padan"),
    "ejaan_beda": (0.020, "lolos", "padan_dengan_catatan"),
    "nama_latin1": (0.003, "lolos", "padan"),
    "sudah_pbi": (0.020, "tertahan", "peserta_pbi_aktif"),
    "sudah_pemda": (0.010, "tertahan", "peserta_pemda_aktif"),
    "mandiri_jalur_baru": (0.007, "tertahan", "peserta_mandiri_jalur_baru"),
    "bukan_mandiri": (0.007, "tertahan", "pengalihan_bukan_mandiri"),
}
APBN = ("PBI JAMINAN KESEHATAN", "APBN")
PEMDA = ("PBPU DAN BP PEMERINTAH DAERAH", "APBD KOTA PEMATANGSIANTAR")
MANDIRI = ("PEKERJA MANDIRI", "MANDIRI")


class Person:
    __slots__ = ("index", "family", "relation", "sex", "birth", "nik", "name", "place", "marital", "mother", "mother_nik",
                 "story", "newborn", "job", "written_name", "registry_name", "registry_birth", "member")


class Family:
    __slots__ = ("index", "kk", "kecamatan", "village_code", "village", "address", "rt", "rw", "track", "desil",
                 "phone", "people")


def card_number(nik):
    """The 13-digit card number of a person, one for life: a one-to-one map of the last twelve digits of the NIK."""
    return "0%012d" % ((int(nik) % 10**12 * 387420489 + 271828) % 10**12)


def number_of(index, year, women):
    """16 digits for this index: its block gives kecamatan, day and month, its turn the serial."""
    block, serial = index * 1237 % BLOCKS, index // BLOCKS + 1
    date = datetime.date(2001, 1, 1) + block % 365 * DAY
    return "1272%02d%02d%02d%02d%04d" % (block // 365 + 1, date.day + 40 * women, date.month, year % 100, serial)


def birth_of(index, age, today):
    """A birth date of about that age whose day and month are those of number_of."""
    date = datetime.date(2001, 1, 1) + index * 1237 % BLOCKS % 365 * DAY
    birth = date.replace(year=today.year - age)
    return birth if birth <= today else date.replace(year=today.year - age - 1)


def make_name(rng, sex, last):
    parts = [rng.choice(GIVEN[sex])]
    if rng.random() < 0.6:
        parts.append(rng.choice(SECOND))
    return " ".join(parts + [last]).upper()


def respell(name):
    """Another spelling of the same name, one letter away."""
    for old, new in (("RI", "RY"), ("NI", "NY"), ("SI", "SY"), ("TI", "TY"), ("LI", "LY"), ("I", "Y"), ("A", "AA")):
        if old in name:
            return name.replace(old, new, 1)
    return name + "H"


class Population:
    def __init__(self, seed, today=datetime.date(2026, 11, 20)):
        self.seed, self.today = seed, today
        self.rng = random.Random()

    def family(self, index):
        assert index < FAMILIES_MAX
        rng = self.rng
        rng.seed(self.seed * 1_000_000_007 + index)
        family = Family()
        family.index = index
        number = rng.randrange(8)
        family.kecamatan, villages = KECAMATAN[number]
        village = rng.randrange(len(villages))
        family.village, family.village_code = villages[village], "12.72.%02d.%04d" % (number + 1, 1001 + village)
        family.address = "Jl. %s No. %d" % (rng.choice(STREETS), rng.randrange(1, 200))
        family.rt, family.rw = rng.randrange(1, 13), rng.randrange(1, 7)
        family.kk = number_of(index, rng.randrange(2006, 2026), 0)
        family.track = "pengalihan" if rng.random() < 0.25 else "baru"
        draw = rng.random()  # poverty registry: decile, 0 not ranked, None not in it (poor by SKTM)
        family.desil = rng.randrange(1, 6) if draw < 0.66 else rng.randrange(6, 11) if draw < 0.69 else 0 \
            if draw < 0.70 else None
        family.phone = "0899%08d" % (index % 10**8)
        family.people = []
        self._people(family, rng)
        return family

    def _people(self, family, rng):
        last = rng.choice(LAST)
        head = self._person(family, rng, HEAD, "L" if rng.random() < 0.85 else "P", rng.randrange(24, 72), last)
        mother = head if head.sex == "P" else None
        age = self.today.year - head.birth.year
        if rng.random() < 0.78:
            other = "P" if head.sex == "L" else "L"
            spouse = self._person(family, rng, SPOUSE, other, max(20, age - rng.randrange(-2, 6)), rng.choice(LAST))
            mother = spouse if other == "P" else mother
            head.marital = spouse.marital = MARRIED
        else:
            head.marital = rng.choice((DIVORCED, WIDOWED, UNMARRIED))
        for _ in range(rng.choice((0, 1, 1, 2, 2, 3, 4))):
            child = self._person(family, rng, CHILD, rng.choice("LP"), rng.randrange(1, max(2, min(24, age - 18))), last)
            child.mother, child.mother_nik = (mother.name, mother.nik) if mother else (child.mother, "")
        if rng.random() < 0.07:
            self._person(family, rng, ELDER, rng.choice("LP"), min(92, age + 24), last).marital = WIDOWED
        if mother and rng.random() < 0.08 and self.today.year - mother.birth.year < 45 and len(family.people) < SLOTS:
            self._newborn(family, rng, mother, last)

    def _person(self, family, rng, relation, sex, age, last):
        person = Person()
        person.index, person.family = family.index * SLOTS + len(family.people), family
        person.relation, person.sex, person.marital, person.newborn = relation, sex, UNMARRIED, False
        person.birth = birth_of(person.index, age, self.today)
        person.nik = number_of(person.index, person.birth.year, sex == "P")
        person.name = person.written_name = person.registry_name = make_name(rng, sex, last)
        person.registry_birth = person.birth
        person.mother, person.mother_nik = make_name(rng, "P", rng.choice(LAST)), ""
        person.place, person.job = rng.choice(PLACES), rng.choice(JOBS) if age > 18 else JOBS[-1]
        person.story = self._story(family, rng)
        self._tell(person, rng)
        family.people.append(person)
        return person

    def _newborn(self, family, rng, mother, last):
        child = self._person(family, rng, CHILD, rng.choice("LP"), 1, last)
        child.birth = self.today - rng.randrange(1, 28) * DAY
        child.registry_birth, child.newborn, child.story, child.member = child.birth, True, "bayi", None
        child.name = child.written_name = "BAYI NY " + mother.name
        child.mother, child.mother_nik, child.nik = mother.name, mother.nik, ""

    @staticmethod
    def _story(family, rng):
        draw = rng.random()
        for story, (rate, _, _) in STORIES.items():
            draw -= rate
            if draw < 0:
                wrong_track = (story == "bukan_mandiri") != (family.track == "pengalihan") \
                    if story in ("bukan_mandiri", "mandiri_jalur_baru") else False
                return "biasa" if wrong_track else story
        return "biasa"

    @staticmethod
    def _tell(person, rng):
        """Makes the files say what the story needs: names, births and the BPJS membership (segment, payer, status)."""
        story, transfer = person.story, person.family.track == "pengalihan"
        if story == "nama_beda":
            person.registry_name = make_name(rng, person.sex, "Tanggapura")
        elif story == "lahir_beda":
            person.registry_birth = person.birth.replace(year=person.birth.year - 3)
        elif story == "ejaan_beda" and len(person.name) >= 14:
            person.written_name = respell(person.name)
        elif story == "nama_latin1":
            person.written_name = person.name.replace("E", "\u00c9", 1)
        lapsed = "AKTIF" if rng.random() < 0.5 else "NON AKTIF KARENA PREMI"
        if story in ("sudah_pbi", "sudah_pemda"):
            person.member = (APBN if story == "sudah_pbi" else PEMDA) + ("AKTIF",)
        elif story == "bukan_mandiri":
            person.member = None
        elif transfer:
            person.member = MANDIRI + (lapsed,)
        elif story == "mandiri_jalur_baru":
            person.member = MANDIRI + ("AKTIF",)
        else:  # one of the many whom the decrees of 2025 and 2026 switched off, or never a member
            person.member = APBN + ("NON AKTIF",) if rng.random() < 0.1 else None


def expected(person):
    """(outcome, reason) that validation under the profile of the city should reach for an undamaged row."""
    if person.newborn:
        if person.family.track == "pengalihan":  # nobody's member yet: to be entered as new
            return "tertahan", "pengalihan_bukan_mandiri"
        return "lolos", "bayi_menunggu_nik"
    if person.story == "ejaan_beda" and person.written_name == person.name:
        return "lolos", "padan"
    if person.story in STORIES:
        return STORIES[person.story][1:]
    return "lolos", "padan"
