"""What can go wrong with work that a cluster is to do.

ClusterError
├── EngineUnknown           no engine of this name
├── ClusterNotNamed         no cluster is named in the configuration
├── ClusterDriverMissing    the library that speaks to clusters is not installed
├── ClusterUnreachable      no cluster answers at this address
├── FilesOutOfReach         the machines of the cluster cannot read the files
└── ClusterFailed           the cluster answered, and did not finish the work
"""

from __future__ import annotations

from lienthong.engine.errors import EngineError


class ClusterError(EngineError):
    """Work on a cluster could not be done. Facts: `address`."""

    code = "cluster.failed"
    text_vi = "Cụm máy tính không làm được việc được giao."
    text_en = "The cluster could not do the work."


class EngineUnknown(ClusterError):
    """No engine of this name. Facts: `engine`."""

    code = "cluster.engine_unknown"
    status = 422
    text_vi = "Không có bộ máy xử lý nào tên “{engine}”."
    text_en = "There is no engine named “{engine}”."
    hint_vi = "Đặt LIENTHONG_ENGINE hoặc --engine là duckdb hoặc spark."
    hint_en = "Set LIENTHONG_ENGINE or --engine to duckdb or spark."


class ClusterNotNamed(ClusterError):
    """No cluster is named in the configuration."""

    code = "cluster.not_named"
    status = 422
    text_vi = "Chưa khai báo cụm máy tính để chạy bằng Spark."
    text_en = "No Spark cluster is named to work on."
    hint_vi = "Đặt LIENTHONG_SPARK_REMOTE=sc://máy:15002 hoặc LIENTHONG_SPARK_MASTER=spark://máy:7077, chỉ một trong hai."
    hint_en = "Set LIENTHONG_SPARK_REMOTE=sc://host:15002 or LIENTHONG_SPARK_MASTER=spark://host:7077, one of the two."


class ClusterDriverMissing(ClusterError):
    """The library that speaks to clusters is not installed. Facts: `package`."""

    code = "cluster.driver_missing"
    status = 501
    text_vi = "Máy này chưa cài thư viện để làm việc với Spark."
    text_en = "The library that speaks to Spark is not installed here."
    hint_vi = "Cài đặt {package} rồi chạy lại."
    hint_en = "Install {package} and run again."


class ClusterUnreachable(ClusterError):
    """No cluster answers at this address. Facts: `address`."""

    code = "cluster.unreachable"
    status = 503
    transient = True
    text_vi = "Không kết nối được tới cụm Spark tại {address}."
    text_en = "No Spark cluster answers at {address}."
    hint_vi = "Kiểm tra địa chỉ, tường lửa và phiên bản Spark; với địa chỉ spark:// máy này cần có Java."
    hint_en = (
        "Check the address, the firewall and the release of Spark; with spark:// this machine needs Java."
    )


class FilesOutOfReach(ClusterError):
    """The machines of the cluster cannot read the files. Facts: `file`, `address`."""

    code = "cluster.files_out_of_reach"
    status = 422
    text_vi = "Các máy của cụm Spark tại {address} không đọc được tệp {file}."
    text_en = "The machines of the Spark cluster at {address} cannot read the file {file}."
    hint_vi = "Đặt kho phiên bản trên thư mục dùng chung, cùng đường dẫn trên mọi máy của cụm, hoặc trên kho đối tượng s3://."
    hint_en = (
        "Keep the store in a shared folder, under the same path on every machine of the cluster, or in s3://."
    )


class ClusterFailed(ClusterError):
    """The cluster answered, and did not finish the work. Facts: `address`, `reason`."""

    code = "cluster.work_failed"
    status = 502
    transient = True
    text_vi = "Cụm Spark tại {address} dừng giữa chừng ({reason})."
    text_en = "The Spark cluster at {address} stopped in the middle ({reason})."
    hint_vi = "Xem nhật ký của cụm; chạy lại, hoặc chạy bằng --engine duckdb trên một máy."
    hint_en = "See the log of the cluster; run again, or use --engine duckdb on one machine."
