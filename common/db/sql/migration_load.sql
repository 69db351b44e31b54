-- What has run in this schema. The transaction's search_path begins with it.
select part, name, sha256 from migration order by part, name
