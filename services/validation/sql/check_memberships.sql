-- What the current file of BPJS members says of these people. $1 tenant, $2 version, $3 NIK
select nik, segment, payer, status from membership
where tenant = $1::bigint and version = $2::bigint and nik = any ($3::bigint[])
