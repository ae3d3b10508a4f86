"""A peer: Great Expectations with twenty expectations over all rows, on pandas."""

import sys

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd

frame = pd.read_parquet(sys.argv[1])
context = gx.get_context(mode="ephemeral")
batch = (
    context.data_sources.add_pandas("register")
    .add_dataframe_asset("rows")
    .add_batch_definition_whole_dataframe("all")
)
suite = context.suites.add(gx.ExpectationSuite("quality"))
for column in frame.columns:
    suite.add_expectation(gxe.ExpectColumnValuesToNotBeNull(column=column))
suite.add_expectation(gxe.ExpectColumnValuesToBeUnique(column="so_dinh_danh"))
suite.add_expectation(gxe.ExpectColumnValuesToBeUnique(column="so_thu_tu"))
suite.add_expectation(gxe.ExpectColumnValuesToMatchRegex(column="so_dinh_danh", regex=r"^\d{12}$"))
suite.add_expectation(gxe.ExpectColumnValuesToMatchRegex(column="ma_xa", regex=r"^\d{5}$"))
suite.add_expectation(gxe.ExpectColumnValuesToNotMatchRegex(column="ho_ten", regex=r"[0-9<>]|^\s|\s$"))
suite.add_expectation(gxe.ExpectColumnValuesToBeInSet(column="gioi_tinh", value_set=["Nam", "Nữ"]))
suite.add_expectation(gxe.ExpectColumnValuesToBeBetween(column="thu_nhap", min_value=0))
suite.add_expectation(gxe.ExpectColumnValueLengthsToBeBetween(column="dia_chi", min_value=3, max_value=200))
validation = context.validation_definitions.add(gx.ValidationDefinition(name="v", data=batch, suite=suite))
print(len(validation.run(batch_parameters={"dataframe": frame}).results))
