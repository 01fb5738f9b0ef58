-- dataset: shop
-- code: not_a_table
SELECT count(*) FROM read_csv('/etc/passwd')
