// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { ECDSA } from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import { EIP712 } from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import { IOrganisationRegistry } from "./interfaces/IOrganisationRegistry.sol";
import { IProvenanceLedger } from "./interfaces/IProvenanceLedger.sol";

/// @title ProvenanceLedger
/// @notice See {IProvenanceLedger}.
contract ProvenanceLedger is IProvenanceLedger, EIP712 {
    bytes32 private constant HEADER_TYPEHASH = keccak256(
        "Header(bytes32 organisation,uint64 sequence,bytes32 root,uint32 size,bytes32 itemsHash,bytes32 indexRoot)"
    );

    /// @inheritdoc IProvenanceLedger
    IOrganisationRegistry public immutable override registry;

    /// @inheritdoc IProvenanceLedger
    mapping(bytes32 organisation => mapping(uint64 sequence => bytes32 hash)) public override headerHash;

    constructor(IOrganisationRegistry registry_) EIP712("Lotmark", "1") {
        if (address(registry_).code.length == 0) revert ProvenanceLedger_NoRegistry(address(registry_));
        registry = registry_;
    }

    /// @inheritdoc IProvenanceLedger
    function record(Header calldata header, bytes calldata signature, OpenItem[] calldata items) external override {
        // Check: the header is the organisation's next, well formed, and speaks of these items
        bytes32 organisation = header.organisation;
        uint64 sequence = header.sequence;
        _checkHeader(header, items);

        // Check: a key that may record for the organisation signed it
        bytes32 structHash = keccak256(abi.encode(HEADER_TYPEHASH, header));
        address key = _signer(header, structHash, signature);
        if (!registry.mayRecord(organisation, key)) revert ProvenanceLedger_MayNotRecord(organisation, sequence, key);

        // Effect
        headerHash[organisation][sequence] = structHash;
        emit BatchRecorded(organisation, sequence, key, header.root, header.size, header.itemsHash, header.indexRoot);
        for (uint256 i = 0; i < items.length; ++i) {
            OpenItem calldata item = items[i];
            emit OpenItemRecorded(item.itemKey, item.commitment, organisation);
        }
    }

    /// @inheritdoc IProvenanceLedger
    function lastSequence(bytes32 organisation) public view override returns (uint64 last) {
        // Sequences have no gap, so that a recorded number is a lower bound and a missing one an upper bound.
        uint64 missing = 1;
        while (headerHash[organisation][missing] != 0) missing *= 2;
        last = missing / 2;
        while (missing - last > 1) {
            uint64 middle = last + (missing - last) / 2;
            if (headerHash[organisation][middle] != 0) last = middle;
            else missing = middle;
        }
    }

    /// @dev Does without a counter, which would cost 2,900 gas for each batch and 20,000 for an organisation's first.
    function _isNext(bytes32 organisation, uint64 sequence) private view returns (bool) {
        if (sequence == 0 || headerHash[organisation][sequence] != 0) return false;
        return sequence == 1 || headerHash[organisation][sequence - 1] != 0;
    }

    function _checkHeader(Header calldata header, OpenItem[] calldata items) private view {
        bytes32 organisation = header.organisation;
        uint64 sequence = header.sequence;
        if (!_isNext(organisation, sequence)) {
            revert ProvenanceLedger_WrongSequence(organisation, lastSequence(organisation) + 1, sequence);
        }
        if (header.size == 0) revert ProvenanceLedger_EmptyBatch(organisation, sequence);
        if (header.indexRoot != 0) {
            revert ProvenanceLedger_IndexRootReserved(organisation, sequence, header.indexRoot);
        }
        bytes32 itemsHash = keccak256(abi.encode(items));
        if (itemsHash != header.itemsHash) {
            revert ProvenanceLedger_WrongItems(organisation, sequence, header.itemsHash, itemsHash);
        }
    }

    function _signer(
        Header calldata header,
        bytes32 structHash,
        bytes calldata signature
    )
        private
        view
        returns (address signer)
    {
        ECDSA.RecoverError failure;
        // The third value only details the failure, and our error shows the whole signature.
        // slither-disable-next-line unused-return
        (signer, failure,) = ECDSA.tryRecoverCalldata(_hashTypedDataV4(structHash), signature);
        if (failure != ECDSA.RecoverError.NoError) {
            revert ProvenanceLedger_InvalidSignature(header.organisation, header.sequence, signature);
        }
    }
}
