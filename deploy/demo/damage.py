"""The damage that real exports arrive with, done on purpose and written down.

damage_row takes clean cells and returns them as a tired spreadsheet would, with the names of what was done; REFUSED says
which of those no reader may accept, and why.
"""
import datetime

MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()
SEXES = {"L": ("L", "L", "L", "LAKI-LAKI", "Laki-laki", "LAKI2", "PRIA", "1"),
         "P": ("P", "P", "P", "PEREMPUAN", "Perempuan", "WANITA", "W", "2")}
RELATIONS = {1: "Kepala Keluarga", 2: "Istri/Suami", 3: "Anak", 6: "Orang Tua/Mertua"}
MARITALS = {"1": ("BELUM KAWIN", "1.0"), "2": ("KAWIN", "Kawin Tercatat", "2.0"), "4": ("CERAI HIDUP", "4.0"),
            "5": ("CERAI MATI", "Cerai Mati")}
FORMULAS = ('=HYPERLINK("http://contoh.invalid";"buka")', "=cmd|'/C calc'!A0", "@SUM(1+1)*9", "+1+1")

# Damage after which the row cannot be taken: the reason a reader should give, and the column.
REFUSED = {
    "nik_ilmiah": ("nik.scientific", "nik"),
    "nik_pendek": ("nik.length", "nik"),
    "nik_hari": ("nik.day", "nik"),
    "nik_urut_nol": ("nik.serial", "nik"),
    "kk_samar": ("nik.masked", "no_kk"),
    "tanggal_nol": ("csv.empty", "tanggal_lahir"),
    "kolom_kurang": ("csv.width", ""),
}
# Damage that can be read, of which the reader should warn: the same.
WARNED = {
    "bulan_di_depan": ("date.swapped", "tanggal_lahir"),
    "kawin_tak_jelas": ("marital.unknown", "status_kawin"),
}
# Of rows; the harmless kinds may fall on the same row, of the refused ones at most one does.
REFUSED_RATES = {"nik_ilmiah": 0.007, "nik_pendek": 0.004, "nik_hari": 0.003, "nik_urut_nol": 0.002, "kk_samar": 0.007,
                 "tanggal_nol": 0.002, "kolom_kurang": 0.002}

# As exported, then the same with what spreadsheets and portals do to headers.
HEADER = ("periode sumber_id no_kk nik nik_ibu nama hubungan tempat_lahir tanggal_lahir jenis_kelamin status_kawin alamat "
          "rt rw kode_kelurahan nama_kelurahan jalur no_telp").split()
DAMAGED = {"no_kk": "No KK", "nik": "NIK\u00a0", "nama": " NAMA", "tanggal_lahir": "Tanggal\nLahir",
           "jenis_kelamin": "JENIS  KELAMIN", "kode_kelurahan": "Kode Kelurahan", "no_telp": "No. Telp"}


def header_lines(style, title):
    """The rows above the data: style "clean", "damaged" or "titled" (damaged, below three rows of titles)."""
    if style == "clean":
        return csv_line(HEADER)
    damaged = csv_line([DAMAGED.get(name, name) for name in HEADER])
    if style == "titled":
        empty = "," * (len(HEADER) - 1)
        damaged = csv_line([title] + [""] * (len(HEADER) - 1)) + "PERIODE 2026-11%s\r\n%s\r\n" % (empty, empty) + damaged
    return "\ufeff" + damaged


def csv_line(cells):
    return ",".join('"%s"' % cell.replace('"', '""') if any(c in cell for c in ',"\r\n') else cell
                    for cell in cells) + "\r\n"


def write_date(date, nik, rng):
    """The date as one of the many ways to write it, and whether that has the month first."""
    draw = rng.random()
    if not nik and date.day <= 12:  # nothing would tell day from month
        draw = 0.65 + draw * 0.3
    if draw < 0.5:
        return date.strftime("%d/%m/%Y"), False
    if draw < 0.65:
        return date.strftime("%d-%m-%Y"), False
    if draw < 0.78:
        return date.isoformat(), False
    if draw < 0.85:
        return date.isoformat() + " 00:00:00", False
    if draw < 0.90:
        return str((date - datetime.date(1899, 12, 30)).days), False
    if draw < 0.95:
        return "%d %s %d" % (date.day, MONTHS[date.month - 1], date.year), False
    return date.strftime("%m/%d/%Y"), date.day != date.month  # of 04/03 only the NIK tells that it is 3 April


def refuse_cells(cells, kind, rng):
    nik = cells[3]
    if kind == "nik_ilmiah":
        cells[3] = nik[0] + rng.choice(".,") + nik[1:6] + "E+15"
    elif kind == "nik_pendek":
        cells[3] = nik[:15]
    elif kind == "nik_hari":
        cells[3] = nik[:6] + "38" + nik[8:]
    elif kind == "nik_urut_nol":
        cells[3] = nik[:12] + "0000"
    elif kind == "kk_samar":
        cells[2] = cells[2][:6] + "********" + cells[2][14:]
    elif kind == "tanggal_nol":
        cells[8] = "00-00-0000"
    elif kind == "kolom_kurang":
        del cells[13:]


def damage_row(cells, birth, rng):
    """Damages the cells (in the order of HEADER) in place; returns the names of what was done."""
    done = []
    for i in (2, 3):
        draw = rng.random()
        if cells[i] and draw < 0.05:
            cells[i] = "'" + cells[i]
            done.append("apostrof")
        elif cells[i] and draw < 0.08:
            cells[i] += ".0"
            done.append("desimal")
        elif cells[i] and draw < 0.09:
            cells[i] = cells[i] + rng.choice((" ", "\u00a0"))
            done.append("spasi")
    cells[6] = RELATIONS.get(int(cells[6]), cells[6]) if rng.random() < 0.15 else cells[6]
    cells[8], month_first = write_date(birth, cells[3], rng)
    if month_first:
        done.append("bulan_di_depan")
    cells[9] = rng.choice(SEXES[cells[9]])
    if rng.random() < 0.4:
        cells[12], cells[13] = cells[12].lstrip("0"), cells[13].lstrip("0")
    draw = rng.random()
    if draw < 0.003:
        cells[10] = rng.choice(("JANDA/DUDA", "9", "?"))
        done.append("kawin_tak_jelas")
    elif draw < 0.15 and cells[10] in MARITALS:
        cells[10] = rng.choice(MARITALS[cells[10]])
    if rng.random() < 0.1:
        cells[14] = cells[14].replace(".", "") + rng.choice(("", "", ".0"))
        done.append("kode_tanpa_titik")
    if rng.random() < 0.05:
        cells[15] = "KEL. " + cells[15].upper()
    if rng.random() < 0.003:
        cells[11] = rng.choice(FORMULAS)
        done.append("formula")
    if rng.random() < 0.003:
        cells[11] += "\nDekat pos"
        done.append("baris_baru")
    draw = rng.random()
    for kind, rate in REFUSED_RATES.items():
        draw -= rate
        if draw < 0:
            if cells[3] or not kind.startswith("nik"):
                cells[3] = cells[3].strip("' \u00a0").removesuffix(".0")
                cells[2] = cells[2].strip("' \u00a0").removesuffix(".0")
                refuse_cells(cells, kind, rng)
                done.append(kind)
            break
    return done
